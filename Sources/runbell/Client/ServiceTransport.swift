import Notifications
import OutboundHTTP

/// How a command reaches its service: at any address, and with longer answers than a receiver may give.
struct ServiceTransport: HTTPTransport {
    static let shared = ServiceTransport()

    private let client: Result<OutboundClient, TransportFailure>

    private init() {
        var limits = OutboundLimits()
        limits.bodyBytes = 1 << 30
        limits.bodyBytesKept = limits.bodyBytes
        do {
            client = .success(try OutboundClient(policy: .unrestricted, limits: limits))
        } catch {
            client = .failure(.tls("could not read the certificate authorities: \(error)"))
        }
    }

    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        switch client {
        case .success(let client): await client.send(request, for: payer, deadline: deadline)
        case .failure(let failure): Exchange(result: .failed(failure))
        }
    }
}
