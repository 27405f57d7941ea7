using System.IO.Pipelines;

namespace Orleans.Embedded.Edge;

/// <summary>An open carrier; disposing of it ends it.</summary>
internal interface IEdgeLine : IDuplexPipe, IAsyncDisposable;
