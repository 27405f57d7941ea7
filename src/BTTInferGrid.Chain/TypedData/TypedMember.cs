namespace BTTInferGrid.Chain.TypedData;

/// <summary>A member of a struct, as it is declared.</summary>
internal sealed record TypedMember(string Name, string Type);
