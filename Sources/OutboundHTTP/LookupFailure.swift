/// The name server answered that there is no such name, or that it has no address.
package struct NameUnknown: Error {
    package init() {}
}

/// Why nothing is known of a name.
enum LookupFailure: Error {
    /// No answer came, or the answer was that the server could not find one.
    case noAnswer
    /// The same for all names: our own name server is to blame.
    case nobodyAnswers
    /// This machine could not even ask.
    case notAsked
    /// Too many names of the same organization wait already.
    case tooMany
}
