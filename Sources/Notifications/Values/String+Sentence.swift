extension String {
    /// Capitalizes the first character, to start a sentence.
    package var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }
}
