namespace BTTInferGrid.Inference;

/// <summary>The engine was disposed before the request was finished. Another engine can take the request.</summary>
public sealed class EngineStoppedException()
    : Exception("The engine was stopped before the request was finished; send it to another engine.");
