namespace BTTInferGrid.Chain.Abi;

/// <summary>A tuple with one member, which is that member here.</summary>
/// <typeparam name="T">What the member is.</typeparam>
/// <param name="member">The member's type.</param>
internal sealed class OneOf<T>(AbiCodec<T> member) : AbiTupleCodec<T>
{
    public override string Type { get; } = $"({member.Type})";

    public override bool IsDynamic => member.IsDynamic;

    protected override int MemberHeadBytes => member.HeadBytes;

    protected override void WriteMembers(AbiWriter writer, T value) => writer.Add(member, value);

    protected override T ReadMembers(AbiReader reader) => reader.Next(member);
}
