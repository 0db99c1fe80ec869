import GRDB
import Repository

extension SQLiteDatabase {
    /// All of it once more, in memory: what each world of the simulation begins with.
    package func copyInMemory() throws(RepositoryError) -> SQLiteDatabase {
        let copy = try SQLiteDatabase(path: nil)
        try Self.translating { try writer.backup(to: copy.writer) }
        return copy
    }
}
