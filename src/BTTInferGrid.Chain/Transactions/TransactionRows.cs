using System.Globalization;
using System.Numerics;
using BTTInferGrid.Chain.Primitives;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>Reads the rows of <see cref="TransactionStore"/>.</summary>
internal static class TransactionRows
{
    public static StoredIntent ReadIntent(SqliteDataReader row)
    {
        var intent = new TransactionIntent
        {
            Key = row.GetString(1),
            To = row.IsDBNull(2) ? null : Address.Parse(row.GetString(2)),
            Value = Amount(row, 3),
            Data = row.GetFieldValue<byte[]>(4),
            GasLimit = row.IsDBNull(5) ? null : (ulong)row.GetInt64(5),
        };
        var refusal = row.IsDBNull(11)
            ? null
            : new Refusal(
                (RefusalReason)row.GetInt32(11), row.GetString(12), Amount(row, 13), Amount(row, 14),
                row.GetFieldValue<byte[]>(15));
        return new StoredIntent(
            row.GetInt64(0), intent, (TransactionState)row.GetInt32(6), row.IsDBNull(7) ? null : (ulong)row.GetInt64(7),
            row.IsDBNull(8) ? null : Hash32.Parse(row.GetString(8)), row.IsDBNull(9) ? null : (ulong)row.GetInt64(9),
            row.IsDBNull(10) ? null : row.GetString(10), refusal, [])
        {
            IsAcknowledged = row.GetBoolean(16),
        };
    }

    public static TransactionAttempt ReadAttempt(SqliteDataReader row)
    {
        return new TransactionAttempt(
            row.GetInt32(0), Hash32.Parse(row.GetString(1)), row.GetFieldValue<byte[]>(2), (ulong)row.GetInt64(3),
            new TransactionFees(Amount(row, 4), row.IsDBNull(5) ? null : Amount(row, 5)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));
    }

    private static BigInteger Amount(SqliteDataReader row, int column)
    {
        return BigInteger.Parse(row.GetString(column), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
