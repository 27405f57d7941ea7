namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// The tables of <see cref="TransactionStore"/>. An intent has one nonce, and of those that may yet be carried out only
/// one has a nonce: that is what makes an intent pay at most once. One that was reverted or displaced is over, and
/// stays so even if the chain takes back what made it so. Amounts are decimal text, because SQLite's integers have 64
/// bits.
/// </summary>
internal static class TransactionSchema
{
    public const int Version = 1;

    public const string Text =
        """
        create table if not exists chain (
            chain_id integer primary key,
            genesis text not null
        );

        create table if not exists account (
            chain_id integer not null,
            address text not null,
            next_nonce integer not null,
            primary key (chain_id, address)
        ) without rowid;

        create table if not exists intent (
            id integer primary key autoincrement,
            chain_id integer not null,
            sender text not null,
            key text not null,
            recipient text,
            value text not null,
            data blob not null,
            gas_limit integer,
            state integer not null,
            nonce integer,
            hash text,
            block integer,
            problem text,
            reason integer,
            reason_text text,
            needed text,
            allowed text,
            revert_data blob,
            unique (chain_id, sender, key),
            check (nonce is not null or state in (0, 5))
        );

        create unique index if not exists intent_nonce on intent (chain_id, sender, nonce) where state not in (3, 4);

        create index if not exists intent_state on intent (chain_id, sender, state);

        create table if not exists acknowledged (
            intent integer primary key references intent (id)
        );

        create table if not exists attempt (
            intent integer not null references intent (id),
            number integer not null,
            hash text not null unique,
            bytes blob not null,
            gas_limit integer not null,
            max_fee text not null,
            priority_fee text,
            sent_at integer not null,
            primary key (intent, number)
        ) without rowid;
        """;
}
