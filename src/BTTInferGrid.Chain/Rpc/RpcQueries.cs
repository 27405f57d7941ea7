namespace BTTInferGrid.Chain.Rpc;

/// <summary>
/// Asks queries. Those that are asked together are answered by one endpoint, from one view of the chain.
/// </summary>
public static class RpcQueries
{
    extension(RpcClient rpc)
    {
        /// <summary>Asks one query.</summary>
        /// <typeparam name="T">What it asks for.</typeparam>
        /// <param name="query">The query.</param>
        /// <param name="cancellationToken">Ends the attempts.</param>
        /// <exception cref="RpcException">
        /// There is no answer that can be used, or the node refused the call.
        /// </exception>
        public async Task<T> AskAsync<T>(RpcQuery<T> query, CancellationToken cancellationToken = default)
        {
            return query.Read((await rpc.CallAsync([query.Call], cancellationToken))[0]);
        }

        /// <summary>Asks two queries together.</summary>
        /// <typeparam name="T1">What the first asks for.</typeparam>
        /// <typeparam name="T2">What the second asks for.</typeparam>
        /// <param name="first">The first query.</param>
        /// <param name="second">The second query.</param>
        /// <param name="cancellationToken">Ends the attempts.</param>
        /// <exception cref="RpcException">There is no answer that can be used, or the node refused a call.</exception>
        public async Task<(T1 First, T2 Second)> AskAsync<T1, T2>(
            RpcQuery<T1> first, RpcQuery<T2> second, CancellationToken cancellationToken = default)
        {
            var replies = await rpc.CallAsync([first.Call, second.Call], cancellationToken);
            return (first.Read(replies[0]), second.Read(replies[1]));
        }

        /// <summary>Asks several queries together.</summary>
        /// <typeparam name="T">What they ask for.</typeparam>
        /// <param name="queries">The queries, at most 1,000; none gives no answers.</param>
        /// <param name="cancellationToken">Ends the attempts.</param>
        /// <exception cref="RpcException">There is no answer that can be used, or the node refused a call.</exception>
        public async Task<T[]> AskAllAsync<T>(
            IReadOnlyList<RpcQuery<T>> queries, CancellationToken cancellationToken = default)
        {
            if (queries.Count == 0)
            {
                return [];
            }

            var replies = await rpc.CallAsync([.. queries.Select(static query => query.Call)], cancellationToken);
            return [.. queries.Select((query, index) => query.Read(replies[index]))];
        }
    }
}
