import Foundation
import NIOCore
import Notifications
import Testing

@testable import OutboundHTTP

extension OutboundTests {
    @Suite("What a failure to connect says")
    struct FailureReadingTests {
        @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL])
        func `no socket is a local fault`(code: Int32) {
            #expect(fault(IOError(errnoCode: code, reason: "socket")) == .sockets)
        }

        @Test(arguments: [ENETUNREACH, EHOSTUNREACH, ENETDOWN, EAFNOSUPPORT, EACCES, EPERM])
        func `no way out is a local fault`(code: Int32) {
            #expect(fault(IOError(errnoCode: code, reason: "connect(descriptor:addr:size:)")) == .network)
        }

        /// An error that comes later was reported by a router, or follows from the silence of the receiver's network.
        @Test(arguments: [ENETUNREACH, EHOSTUNREACH, ECONNREFUSED, ETIMEDOUT])
        func `what is found out on the way is the receiver's`(code: Int32) {
            let error = IOError(errnoCode: code, reason: "finishing a non-blocking connect failed")
            guard case .connecting = FailureReading.connecting(error) else {
                Issue.record("\(code) is not the receiver's")
                return
            }
        }

        @Test(arguments: [(EAI_AGAIN, true), (EAI_FAIL, true), (EAI_SYSTEM, false), (EAI_MEMORY, false)])
        func `what the system says of a name`(code: Int32, isAsked: Bool) {
            guard let failure = SystemLookup.failure(code) as? LookupFailure else {
                Issue.record("\(code) counts as an answer")
                return
            }
            if case .notAsked = failure { #expect(!isAsked) } else { #expect(isAsked) }
            #expect(SystemLookup.failure(EAI_NONAME) is NameUnknown)
        }

        private func fault(_ error: IOError) -> LocalFault? {
            if case .local(let fault, _) = FailureReading.connecting(error) { fault } else { nil }
        }
    }
}
