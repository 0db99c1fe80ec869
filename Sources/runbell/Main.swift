import ArgumentParser
import Configuration
import Hummingbird
import ServiceLifecycle
@main struct Runbell: AsyncParsableCommand { func run() async throws { print("hi") } }
