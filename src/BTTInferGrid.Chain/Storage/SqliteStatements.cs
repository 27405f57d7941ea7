using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Chain.Storage;

/// <summary>Runs statements in a transaction; values are always parameters.</summary>
internal static class SqliteStatements
{
    extension(SqliteTransaction transaction)
    {
        /// <returns>The rows changed.</returns>
        public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            using var command = transaction.Command(sql, parameters);
            return command.ExecuteNonQuery();
        }

        public List<T> Read<T>(
            string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            using var command = transaction.Command(sql, parameters);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }

        private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
        {
            var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            return command;
        }
    }
}
