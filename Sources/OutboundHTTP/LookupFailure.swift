/// The name server answered that the name does not exist, or has no address.
package struct NameUnknown: Error {
    /// For the `resolve` function of tests.
    package init() {}
}

/// Why a look-up failed.
enum LookupFailure: Error {
    /// There was no answer, or the server answered that it could not find one.
    case noAnswer
    /// No name is answered: our own name server is down.
    case nobodyAnswers
    /// This machine could not send the question.
    case notAsked
    /// Too many names of the same organization are waiting.
    case tooMany
}
