using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Grains.Storage;

/// <summary>
/// The file that holds the grains' state cannot be used; the message says which file it is, and why. While a silo starts,
/// the start fails with it; later the grain's call does, with an <see cref="OrleansException"/> around it.
/// </summary>
public sealed class StateFileException : DbException
{
    internal StateFileException(string path, string problem, Exception? cause = null)
        : base($"{path} {problem}", cause)
    {
    }

    internal static StateFileException Of(string path, SqliteException error) => new(path, Problem(error), error);

    private static string Problem(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "is in use by another process.",
        SQLitePCL.raw.SQLITE_CORRUPT => "is damaged.",
        SQLitePCL.raw.SQLITE_NOTADB => "is damaged, or no SQLite database.",
        SQLitePCL.raw.SQLITE_FULL => "cannot grow: the disk is full.",
        SQLitePCL.raw.SQLITE_CANTOPEN => "cannot be opened.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM => "cannot be written.",
        _ => $"cannot be read or written: {error.Message}",
    };
}
