import ArgumentParser

/// Which file of settings.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "A JSON file of settings (RUNBELL_CONFIG).")
    var config: String?
}
