import ArgumentParser

struct Receive: AsyncParsableCommand {
    func run() async throws {}
}
