import ArgumentParser
import Notifications

/// What `--fail` asks for.
enum RequestedFailure: Equatable, ExpressibleByArgument, Sendable {
    /// One of the service's own errors.
    case service(ForcedFailure)
    /// No answer at all.
    case hang

    private static let hangWord = "hang"

    init?(argument: String) {
        if argument.sameBytes(as: Self.hangWord) {
            self = .hang
        } else if let failure = ForcedFailure.allCases.first(where: { $0.rawValue.sameBytes(as: argument) }) {
            self = .service(failure)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { ForcedFailure.allCases.map(\.rawValue) + [hangWord] }

    var ofService: ForcedFailure? {
        if case .service(let failure) = self { failure } else { nil }
    }
}
