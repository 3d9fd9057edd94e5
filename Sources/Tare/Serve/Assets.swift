import CAssets

/// Files that are compiled in.
enum Assets {
    enum Page {
        static let html = unsafe bytes(tare_asset_page_html())
        static let style = unsafe bytes(tare_asset_page_style())
        static let icon = unsafe bytes(tare_asset_page_icon())
        static let script = unsafe bytes(tare_asset_page_script())
        static let apiScript = unsafe bytes(tare_asset_page_api_script())
        static let eventsScript = unsafe bytes(tare_asset_page_events_script())
        static let pointsScript = unsafe bytes(tare_asset_page_points_script())
        static let chartsScript = unsafe bytes(tare_asset_page_charts_script())
        static let panelsScript = unsafe bytes(tare_asset_page_panels_script())
        static let formScript = unsafe bytes(tare_asset_page_form_script())
        static let textScript = unsafe bytes(tare_asset_page_text_script())
    }

    /// In YAML, with places that a specification fills.
    static let contractTemplate = unsafe bytes(tare_asset_contract_template())
    /// Starts Swagger UI.
    static let contractScript = unsafe bytes(tare_asset_contract_script())

    /// uPlot; empty where it had not been fetched.
    static let chartScript = unsafe bytes(tare_asset_chart_script())
    static let chartStyle = unsafe bytes(tare_asset_chart_style())
    /// Swagger UI; empty where it had not been fetched.
    static let swaggerScript = unsafe bytes(tare_asset_swagger_script())
    static let swaggerStyle = unsafe bytes(tare_asset_swagger_style())
    static let swaggerIcon = unsafe bytes(tare_asset_swagger_icon())

    private static func bytes(_ asset: tare_asset) -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    }
}
