/// The types of columns and parameters that have a binary form here, by their numbers in `pg_type`, which never change
/// (https://www.postgresql.org/docs/15/catalog-pg-type.html).
enum PostgresType: UInt32 {
    case bool = 16
    case bytea = 17
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case numeric = 1700
    case varchar = 1043
    case uuid = 2950

    /// How many bytes a number of this type has; nil if it is not a whole number.
    var integerSize: Int? {
        switch self {
        case .bool: 1
        case .int2: 2
        case .int4: 4
        case .int8: 8
        case .bytea, .text, .numeric, .varchar, .uuid: nil
        }
    }
}
