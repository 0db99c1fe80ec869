extension UniqueID {
    /// When it was generated.
    package var time: Timestamp {
        Timestamp(microseconds: UUIDVersion7.microseconds(high: high))
    }
}
