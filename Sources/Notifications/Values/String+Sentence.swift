extension String {
    /// As a sentence begins with it.
    package var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }
}
