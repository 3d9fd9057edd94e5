package import Metrics

/// What Prometheus' own clients tell of a process, under their names, and the build.
package enum ProcessFamilies {
    package static func all(_ process: ProcessStatistics?, memoryBytesMax: Int) -> [MetricFamily] {
        [
            .gauge(
                "tare_memory_limit_bytes", "Memory that the whole server may take, by --memory-mb-max.",
                Double(memoryBytesMax))
        ] + all(process)
    }

    package static func all(_ process: ProcessStatistics?) -> [MetricFamily] {
        [
            .gauge(
                "tare_build_info", "Always 1; the label is the version of Tare.",
                [
                    .init([.init("version", Release.version)], 1)
                ]),
            .gauge(
                "process_start_time_seconds", "Start of the process, in seconds since 1970.", process?.startTime),
            .counter(
                "process_cpu_seconds_total", "Time that the process has spent on processors.",
                process.map { [.init([], $0.cpuSeconds)] } ?? []),
            .gauge("process_resident_memory_bytes", "Memory of the process.", process.map { Double($0.residentBytes) }),
            .gauge(
                "process_virtual_memory_bytes", "Addresses that the process has reserved.",
                process.map { Double($0.virtualBytes) }),
            .gauge("process_open_fds", "Open file descriptors.", process.map { Double($0.openDescriptors) }),
            .gauge("process_max_fds", "File descriptors that may be open.", process.map { Double($0.descriptorsMax) }),
        ]
    }
}
