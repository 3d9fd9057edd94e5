// The one door to the C library of this target.
import Glibc

extension Double {
    package func naturalLogarithm() -> Double { log(self) }
    package func exponential() -> Double { exp(self) }

    /// e to this power less 1, without cancellation near 0.
    func exponentialLessOne() -> Double { expm1(self) }

    func binaryLogarithm() -> Double { log2(self) }
    func decimalLogarithm() -> Double { log10(self) }
    func naturalLogarithmOfOneMore() -> Double { log1p(self) }
    func raised(toReal exponent: Double) -> Double { pow(self, exponent) }
}
