import CAssets

/// Files of others that are compiled in; empty where they had not been fetched.
enum Assets {
    /// uPlot.
    static let chartScript = unsafe bytes(tare_asset_uplot_script())
    static let chartStyle = unsafe bytes(tare_asset_uplot_style())
    /// Swagger UI.
    static let contractScript = unsafe bytes(tare_asset_swagger_script())
    static let contractStyle = unsafe bytes(tare_asset_swagger_style())
    static let contractIcon = unsafe bytes(tare_asset_swagger_icon())

    private static func bytes(_ asset: tare_asset) -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    }
}
