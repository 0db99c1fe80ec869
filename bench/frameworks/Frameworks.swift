import Hummingbird
import NIOCore
import NIOPosix

/// No product, but a bound: what Hummingbird and SwiftNIO alone cost. `POST /v1/events` is accepted and its body sent once
/// to each path of the receiver. Nothing is checked, looked up, stored, signed or tried again.
///
///     frameworks PORT RECEIVERS_PORT PATH...
@main
struct Frameworks {
    static func main() async throws {
        let given = CommandLine.arguments.dropFirst()
        let ports = given.prefix(2).compactMap { Int($0) }
        guard ports.count == 2, given.count > 2 else { fatalError("usage: frameworks PORT RECEIVERS_PORT PATH...") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        var lanes: [SendingLane] = []
        for loop in group.makeIterator() {
            lanes.append(try await SendingLane(on: loop, port: ports[1], paths: Array(given.dropFirst(2))))
        }
        let answer = #"{"id":"01999999-9999-7999-8999-999999999999","status":"accepted"}"#
        let router = Router()
        router.post("v1/events") { [lanes] request, _ in
            lanes.randomElement()?.send(try await request.body.collect(upTo: 65536))
            return Response(
                status: .accepted, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: answer)))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: ports[0])),
            eventLoopGroupProvider: .shared(group))
        try await application.runService()
    }
}
