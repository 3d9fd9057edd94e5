/// Which release of Tare this is.
package enum Release {
    package static let version = "1.0.0"
}
