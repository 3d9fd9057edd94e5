/// The page at `/`. It is made of files alone: all that it shows it asks of the other routes, with the reader's token.
enum Page {
    static let routes = files.map { $0.route(policy: policy) }

    /// Nothing but files of this server, and no script or style within the HTML: what rows and models say can become no code.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

    private static let files = [
        StaticFile("/", StaticFile.html, Assets.Page.html),
        StaticFile("/page/page.css", StaticFile.style, Assets.Page.style),
        StaticFile("/page/icon.svg", "image/svg+xml", Assets.Page.icon),
        StaticFile("/page/page.js", StaticFile.script, Assets.Page.script),
        StaticFile("/page/api.js", StaticFile.script, Assets.Page.apiScript),
        StaticFile("/page/events.js", StaticFile.script, Assets.Page.eventsScript),
        StaticFile("/page/points.js", StaticFile.script, Assets.Page.pointsScript),
        StaticFile("/page/charts.js", StaticFile.script, Assets.Page.chartsScript),
        StaticFile("/page/panels.js", StaticFile.script, Assets.Page.panelsScript),
        StaticFile("/page/form.js", StaticFile.script, Assets.Page.formScript),
        StaticFile("/page/text.js", StaticFile.script, Assets.Page.textScript),
        StaticFile("/page/uPlot.iife.js", StaticFile.script, Assets.chartScript),
        StaticFile("/page/uPlot.min.css", StaticFile.style, Assets.chartStyle),
    ]
}
