import Hummingbird
import Logging
import NIOCore

/// A small server to put load on.
enum DemoTarget {
    static func application(port: Int) -> some ApplicationProtocol {
        var logger = Logger(label: "target")
        logger.logLevel = .critical
        return Application(
            responder: CallbackResponder<BasicRequestContext> { _, _ in
                Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "Hello from the shop.\n")))
            },
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            logger: logger)
    }
}
