/// One metric with all its samples: a value, which knows nothing of the form in which it is sent.
package struct MetricFamily: Sendable, Equatable {
    /// A label of a sample, such as `status="200"`.
    package struct Label: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Sample: Sendable, Equatable {
        package let labels: [Label]
        package let value: Double

        package init(_ labels: [Label], _ value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    package struct HistogramSample: Sendable, Equatable {
        package let labels: [Label]
        package let histogram: Histogram

        package init(_ labels: [Label], _ histogram: Histogram) {
            self.labels = labels
            self.histogram = histogram
        }
    }

    package enum Samples: Sendable, Equatable {
        /// Only grows while the process lives; its name ends in `_total`.
        case counter([Sample])
        case gauge([Sample])
        case histogram([HistogramSample])
    }

    package let name: String
    /// A sentence for whoever reads it in Prometheus.
    package let help: String
    package let samples: Samples

    private init(_ name: String, _ help: String, _ samples: Samples) {
        self.name = name
        self.help = help
        self.samples = samples
    }

    package static func counter(_ name: String, _ help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily(name, help, .counter(samples))
    }

    package static func gauge(_ name: String, _ help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily(name, help, .gauge(samples))
    }

    /// A gauge of one sample; none where there is no value.
    package static func gauge(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
        gauge(name, help, value.map { [Sample([], $0)] } ?? [])
    }

    package static func histogram(_ name: String, _ help: String, _ samples: [HistogramSample]) -> MetricFamily {
        MetricFamily(name, help, .histogram(samples))
    }

    /// As Prometheus names it.
    package var kind: String {
        switch samples {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
