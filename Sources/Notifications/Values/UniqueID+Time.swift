extension UniqueID {
    /// When it was generated.
    package var time: Timestamp {
        let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Timestamp(microseconds: UUIDVersion7.microseconds(high: high))
    }
}
