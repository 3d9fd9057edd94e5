/// The page at `/`. It is made of files alone: all that it shows it asks of the other routes, with the reader's token.
enum Page {
    static let routes = files.map { $0.route(policy: policy) }

    /// Nothing but files of this server, and no script or style within the HTML: what rows and models say can become no code.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

    private static let files = [
        StaticFile("/", StaticFile.html, PackageResources.index_html),
        StaticFile("/page/page.css", StaticFile.style, PackageResources.page_css),
        StaticFile("/page/icon.svg", "image/svg+xml", PackageResources.icon_svg),
        StaticFile("/page/page.js", StaticFile.script, PackageResources.page_js),
        StaticFile("/page/api.js", StaticFile.script, PackageResources.api_js),
        StaticFile("/page/events.js", StaticFile.script, PackageResources.events_js),
        StaticFile("/page/points.js", StaticFile.script, PackageResources.points_js),
        StaticFile("/page/charts.js", StaticFile.script, PackageResources.charts_js),
        StaticFile("/page/panels.js", StaticFile.script, PackageResources.panels_js),
        StaticFile("/page/form.js", StaticFile.script, PackageResources.form_js),
        StaticFile("/page/text.js", StaticFile.script, PackageResources.text_js),
        StaticFile("/page/uPlot.iife.js", StaticFile.script, Assets.chartScript),
        StaticFile("/page/uPlot.min.css", StaticFile.style, Assets.chartStyle),
    ]
}
