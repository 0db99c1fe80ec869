import ArgumentParser

/// Options for a period.
struct PeriodOptions: ParsableArguments {
    @Option(
        help: "From this time on: 2026-11-23T10:00:00Z, or how long ago, such as 1h.", transform: OptionValue.time)
    var since: String?
    @Option(help: "Before this time.", transform: OptionValue.time)
    var until: String?

    var query: [Query] { [Query("since", since), Query("until", until)] }
}
