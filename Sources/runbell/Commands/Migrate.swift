import ArgumentParser

struct Migrate: AsyncParsableCommand {
    func run() async throws {}
}
