import GRDB
package enum SQLiteDatabaseStub {}
