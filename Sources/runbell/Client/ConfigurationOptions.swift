import ArgumentParser

/// Which configuration file to read.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "A JSON file of settings (RUNBELL_CONFIG).")
    var config: String?
}
