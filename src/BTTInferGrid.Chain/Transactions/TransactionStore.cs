using System.Globalization;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Storage;
using Microsoft.Data.Sqlite;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// The intents of one account on one chain, and all that was signed for them, in a file that processes may share. A
/// nonce is given, and a transaction signed, inside the transaction that stores both: what was not stored was never
/// sent.
/// </summary>
internal sealed class TransactionStore(SqliteFile file, ulong chainId, Address sender)
{
    /// <summary>Begins the keys of transactions that only use up a nonce.</summary>
    public const string GapPrefix = "gap/";

    private const string Columns =
        """
        id, key, recipient, value, data, gas_limit, state, nonce, hash, block, problem,
        reason, reason_text, needed, allowed, revert_data,
        exists (select 1 from acknowledged where acknowledged.intent = intent.id)
        """;

    private const string SetRefusal =
        "reason = $reason, reason_text = $text, needed = $needed, allowed = $allowed, revert_data = $revert";

    private (string, object?) Chain => ("$chain", (long)chainId);

    private (string, object?) Sender => ("$sender", sender.ToString());

    public Task CreateAsync(CancellationToken cancellationToken)
    {
        return file.CreateAsync("transactions", TransactionSchema.Version, TransactionSchema.Text, cancellationToken);
    }

    /// <summary>The first block of the chain that the file was used with first: this one, if it is new.</summary>
    public Task<Hash32> KeepGenesisAsync(Hash32 found, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                transaction.Run(
                    "insert into chain values ($chain, $genesis) on conflict do nothing",
                    Chain, ("$genesis", found.ToString()));
                return transaction.Read(
                    "select genesis from chain where chain_id = $chain",
                    static row => Hash32.Parse(row.GetString(0)), Chain).Single();
            },
            cancellationToken);
    }

    /// <summary>
    /// Stores an intent; one that was refused is queued again, and any other that is there stays as it is.
    /// </summary>
    /// <exception cref="IntentConflictException">The key stands for another intent.</exception>
    public Task<StoredIntent> SubmitAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                if (Find(transaction, intent.Key) is { } stored)
                {
                    if (!HasSameContents(stored.Intent, intent))
                    {
                        throw new IntentConflictException(intent.Key);
                    }

                    if (stored.State == TransactionState.Refused)
                    {
                        transaction.Run("update intent set state = 0 where id = $id", ("$id", stored.Id));
                        transaction.Run("delete from acknowledged where intent = $id", ("$id", stored.Id));
                    }
                }
                else
                {
                    Insert(transaction, intent, TransactionState.Queued, nonce: null);
                }

                return Find(transaction, intent.Key)!;
            },
            cancellationToken);
    }

    public Task<StoredIntent?> FindAsync(string key, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(transaction => Find(transaction, key), cancellationToken);
    }

    /// <returns>In the order of nonces.</returns>
    public Task<List<StoredIntent>> ReadUnderWayAsync(CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => Read(transaction, "state = 1 order by nonce"), cancellationToken);
    }

    /// <returns>In the order of submission.</returns>
    public Task<List<StoredIntent>> ReadQueuedAsync(int most, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => Read(transaction, "state = 0 order by id limit $most", ("$most", most)), cancellationToken);
    }

    /// <returns>In the order of submission.</returns>
    public Task<List<StoredIntent>> ReadUnacknowledgedAsync(CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => Read(transaction, "id not in (select intent from acknowledged) order by id"), cancellationToken);
    }

    public Task AcknowledgeAsync(string key, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => transaction.Run(
                """
                insert into acknowledged select id from intent
                where chain_id = $chain and sender = $sender and key = $key and state not in (0, 1) on conflict do nothing
                """,
                Chain, Sender, ("$key", key)),
            cancellationToken);
    }

    /// <returns>The nonce of the next intent that gets one; null if none ever got one.</returns>
    public Task<ulong?> ReadNextNonceAsync(CancellationToken cancellationToken)
    {
        return file.ChangeAsync(ReadNextNonce, cancellationToken);
    }

    /// <summary>Gives an intent a nonce, and stores what is signed with it.</summary>
    /// <param name="id">The intent.</param>
    /// <param name="chainNonce">
    /// The next nonce by the chain, which is ahead if the account was used without this file.
    /// </param>
    /// <param name="sign">Signs for a nonce.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if the intent is not queued any more: another process has been at it.</returns>
    public Task<TransactionAttempt?> AllotAsync(
        long id, ulong chainNonce, Func<ulong, TransactionAttempt> sign, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                var nonce = Math.Max(ReadNextNonce(transaction) ?? 0, chainNonce);
                var changed = transaction.Run(
                    """
                    update intent set state = 1, nonce = $nonce, problem = null, reason = null
                    where id = $id and state = 0
                    """,
                    ("$nonce", (long)nonce), ("$id", id));
                if (changed == 0)
                {
                    return null;
                }

                transaction.Run(
                    """
                    insert into account values ($chain, $sender, $next)
                    on conflict do update set next_nonce = excluded.next_nonce
                    """,
                    Chain, Sender, ("$next", (long)nonce + 1));
                return Insert(transaction, id, sign(nonce));
            },
            cancellationToken);
    }

    /// <summary>Stores one more attempt at an intent that is under way.</summary>
    /// <returns>False if the last attempt is another by now: another process has been at it.</returns>
    public Task<bool> ReplaceAsync(long id, TransactionAttempt attempt, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                var isLast = transaction.Read(
                    """
                    select 1 from intent where id = $id and state = 1
                    and (select max(number) from attempt where intent = $id) = $last
                    """,
                    static row => true, ("$id", id), ("$last", attempt.Number - 1)).Count > 0;
                if (isLast)
                {
                    Insert(transaction, id, attempt);
                }

                return isLast;
            },
            cancellationToken);
    }

    /// <summary>
    /// Puts a transaction under way for a nonce that the chain waits for: the one that was confirmed with it, or else
    /// one that only uses it up. An intent that was reverted or displaced is not sent again: its caller was told that
    /// it is over, and may have submitted another.
    /// </summary>
    /// <returns>The key of what is under way.</returns>
    public Task<string> MendAsync(
        ulong nonce, TransactionIntent filler, Func<TransactionAttempt> sign, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                var known = Read(
                    transaction, "nonce = $nonce and (state not in (3, 4) or key = $filler) order by state",
                    ("$nonce", (long)nonce), ("$filler", filler.Key));
                if (known.Count > 0)
                {
                    transaction.Run(
                        "update intent set state = 1, hash = null, block = null where id = $id", ("$id", known[0].Id));
                    return known[0].Intent.Key;
                }

                Insert(transaction, Insert(transaction, filler, TransactionState.Sent, nonce), sign());
                return filler.Key;
            },
            cancellationToken);
    }

    public Task RefuseAsync(long id, Refusal refusal, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => transaction.Run(
                $"update intent set state = 5, {SetRefusal} where id = $id and state = 0",
                [("$id", id), .. Parameters(refusal)]),
            cancellationToken);
    }

    public Task FinishAsync(
        long id, TransactionState state, Hash32? hash, ulong? block, Refusal? refusal,
        CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => transaction.Run(
                $"""
                update intent set state = $state, hash = $hash, block = $block, problem = null, {SetRefusal}
                where id = $id and state = 1
                """,
                [
                    ("$id", id), ("$state", (int)state), ("$hash", hash?.ToString()), ("$block", (long?)block),
                    .. Parameters(refusal),
                ]),
            cancellationToken);
    }

    public Task SetProblemAsync(long id, string? problem, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction => transaction.Run(
                "update intent set problem = $problem where id = $id", ("$id", id), ("$problem", problem)),
            cancellationToken);
    }

    /// <summary>Notes that a node has taken an attempt.</summary>
    public Task SetSentAsync(long id, int number, DateTimeOffset at, CancellationToken cancellationToken)
    {
        return file.ChangeAsync(
            transaction =>
            {
                transaction.Run(
                    "update attempt set sent_at = $at where intent = $id and number = $number",
                    ("$id", id), ("$number", number), ("$at", at.ToUnixTimeMilliseconds()));
                return transaction.Run("update intent set problem = null where id = $id", ("$id", id));
            },
            cancellationToken);
    }

    private static (string, object?)[] Parameters(Refusal? refusal)
    {
        return
        [
            ("$reason", (int?)refusal?.Reason), ("$text", refusal?.Text), ("$needed", refusal?.Needed.ToString(
                CultureInfo.InvariantCulture)),
            ("$allowed", refusal?.Allowed.ToString(CultureInfo.InvariantCulture)), ("$revert", refusal?.RevertData),
        ];
    }

    private static bool HasSameContents(TransactionIntent left, TransactionIntent right)
    {
        return left.To == right.To && left.Value == right.Value && left.GasLimit == right.GasLimit
            && left.Data.Span.SequenceEqual(right.Data.Span);
    }

    private ulong? ReadNextNonce(SqliteTransaction transaction)
    {
        return transaction.Read(
            "select next_nonce from account where chain_id = $chain and address = $sender",
            static row => (ulong?)row.GetInt64(0), Chain, Sender).SingleOrDefault();
    }

    private long Insert(SqliteTransaction transaction, TransactionIntent intent, TransactionState state, ulong? nonce)
    {
        return transaction.Read(
            """
            insert into intent (chain_id, sender, key, recipient, value, data, gas_limit, state, nonce)
            values ($chain, $sender, $key, $to, $value, $data, $gas, $state, $nonce) returning id
            """,
            static row => row.GetInt64(0),
            Chain, Sender, ("$key", intent.Key), ("$to", intent.To?.ToString()),
            ("$value", intent.Value.ToString(CultureInfo.InvariantCulture)), ("$data", intent.Data.ToArray()),
            ("$gas", (long?)intent.GasLimit), ("$state", (int)state), ("$nonce", (long?)nonce)).Single();
    }

    private static TransactionAttempt Insert(SqliteTransaction transaction, long id, TransactionAttempt attempt)
    {
        transaction.Run(
            "insert into attempt values ($id, $number, $hash, $bytes, $gas, $max, $priority, $at)",
            ("$id", id), ("$number", attempt.Number), ("$hash", attempt.Hash.ToString()), ("$bytes", attempt.Bytes),
            ("$gas", (long)attempt.GasLimit), ("$max", attempt.Fees.MaxFee.ToString(CultureInfo.InvariantCulture)),
            ("$priority", attempt.Fees.PriorityFee?.ToString(CultureInfo.InvariantCulture)),
            ("$at", attempt.SentAt.ToUnixTimeMilliseconds()));
        return attempt;
    }

    private StoredIntent? Find(SqliteTransaction transaction, string key)
    {
        return Read(transaction, "key = $key", ("$key", key)).SingleOrDefault();
    }

    private List<StoredIntent> Read(
        SqliteTransaction transaction, string condition, params ReadOnlySpan<(string, object?)> parameters)
    {
        var intents = transaction.Read(
            $"select {Columns} from intent where chain_id = $chain and sender = $sender and {condition}",
            TransactionRows.ReadIntent, [Chain, Sender, .. parameters]);
        return intents.ConvertAll(intent => intent with
        {
            Attempts = transaction.Read(
                """
                select number, hash, bytes, gas_limit, max_fee, priority_fee, sent_at from attempt
                where intent = $id order by number
                """,
                TransactionRows.ReadAttempt, ("$id", intent.Id)),
        });
    }
}
