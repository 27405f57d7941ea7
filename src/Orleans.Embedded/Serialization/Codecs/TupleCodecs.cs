namespace Orleans.Embedded.Serialization;

internal sealed class TupleCodec<T1, T2>(
    Codec<T1> item1, Codec<T2> item2)
    : StructCodec<(T1, T2)>(
        item1.IsImmutable && item2.IsImmutable)
{
    protected override void WriteMembers(WireWriter writer, ref (T1, T2) value)
    {
        item1.WriteField(writer, 1, value.Item1);
        item2.WriteField(writer, 2, value.Item2);
    }

    protected override void ReadMembers(ref (T1, T2) value, ref WireReader reader)
    {
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    value.Item1 = item1.ReadField(ref reader, type);
                    break;
                case 2:
                    value.Item2 = item2.ReadField(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    protected override void CopyMembers(ref (T1, T2) value, CopyScope scope)
    {
        value = (
            item1.Copy(value.Item1, scope),
            item2.Copy(value.Item2, scope));
    }
}

internal sealed class TupleCodec<T1, T2, T3>(
    Codec<T1> item1, Codec<T2> item2, Codec<T3> item3)
    : StructCodec<(T1, T2, T3)>(
        item1.IsImmutable && item2.IsImmutable && item3.IsImmutable)
{
    protected override void WriteMembers(WireWriter writer, ref (T1, T2, T3) value)
    {
        item1.WriteField(writer, 1, value.Item1);
        item2.WriteField(writer, 2, value.Item2);
        item3.WriteField(writer, 3, value.Item3);
    }

    protected override void ReadMembers(ref (T1, T2, T3) value, ref WireReader reader)
    {
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    value.Item1 = item1.ReadField(ref reader, type);
                    break;
                case 2:
                    value.Item2 = item2.ReadField(ref reader, type);
                    break;
                case 3:
                    value.Item3 = item3.ReadField(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    protected override void CopyMembers(ref (T1, T2, T3) value, CopyScope scope)
    {
        value = (
            item1.Copy(value.Item1, scope),
            item2.Copy(value.Item2, scope),
            item3.Copy(value.Item3, scope));
    }
}

internal sealed class TupleCodec<T1, T2, T3, T4>(
    Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4)
    : StructCodec<(T1, T2, T3, T4)>(
        item1.IsImmutable
        && item2.IsImmutable
        && item3.IsImmutable
        && item4.IsImmutable)
{
    protected override void WriteMembers(WireWriter writer, ref (T1, T2, T3, T4) value)
    {
        item1.WriteField(writer, 1, value.Item1);
        item2.WriteField(writer, 2, value.Item2);
        item3.WriteField(writer, 3, value.Item3);
        item4.WriteField(writer, 4, value.Item4);
    }

    protected override void ReadMembers(ref (T1, T2, T3, T4) value, ref WireReader reader)
    {
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    value.Item1 = item1.ReadField(ref reader, type);
                    break;
                case 2:
                    value.Item2 = item2.ReadField(ref reader, type);
                    break;
                case 3:
                    value.Item3 = item3.ReadField(ref reader, type);
                    break;
                case 4:
                    value.Item4 = item4.ReadField(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    protected override void CopyMembers(ref (T1, T2, T3, T4) value, CopyScope scope)
    {
        value = (
            item1.Copy(value.Item1, scope),
            item2.Copy(value.Item2, scope),
            item3.Copy(value.Item3, scope),
            item4.Copy(value.Item4, scope));
    }
}

internal sealed class TupleCodec<T1, T2, T3, T4, T5>(
    Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4, Codec<T5> item5)
    : StructCodec<(T1, T2, T3, T4, T5)>(
        item1.IsImmutable
        && item2.IsImmutable
        && item3.IsImmutable
        && item4.IsImmutable
        && item5.IsImmutable)
{
    protected override void WriteMembers(WireWriter writer, ref (T1, T2, T3, T4, T5) value)
    {
        item1.WriteField(writer, 1, value.Item1);
        item2.WriteField(writer, 2, value.Item2);
        item3.WriteField(writer, 3, value.Item3);
        item4.WriteField(writer, 4, value.Item4);
        item5.WriteField(writer, 5, value.Item5);
    }

    protected override void ReadMembers(ref (T1, T2, T3, T4, T5) value, ref WireReader reader)
    {
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    value.Item1 = item1.ReadField(ref reader, type);
                    break;
                case 2:
                    value.Item2 = item2.ReadField(ref reader, type);
                    break;
                case 3:
                    value.Item3 = item3.ReadField(ref reader, type);
                    break;
                case 4:
                    value.Item4 = item4.ReadField(ref reader, type);
                    break;
                case 5:
                    value.Item5 = item5.ReadField(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    protected override void CopyMembers(ref (T1, T2, T3, T4, T5) value, CopyScope scope)
    {
        value = (
            item1.Copy(value.Item1, scope),
            item2.Copy(value.Item2, scope),
            item3.Copy(value.Item3, scope),
            item4.Copy(value.Item4, scope),
            item5.Copy(value.Item5, scope));
    }
}

internal sealed class TupleCodec<T1, T2, T3, T4, T5, T6>(
    Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4, Codec<T5> item5, Codec<T6> item6)
    : StructCodec<(T1, T2, T3, T4, T5, T6)>(
        item1.IsImmutable
        && item2.IsImmutable
        && item3.IsImmutable
        && item4.IsImmutable
        && item5.IsImmutable
        && item6.IsImmutable)
{
    protected override void WriteMembers(WireWriter writer, ref (T1, T2, T3, T4, T5, T6) value)
    {
        item1.WriteField(writer, 1, value.Item1);
        item2.WriteField(writer, 2, value.Item2);
        item3.WriteField(writer, 3, value.Item3);
        item4.WriteField(writer, 4, value.Item4);
        item5.WriteField(writer, 5, value.Item5);
        item6.WriteField(writer, 6, value.Item6);
    }

    protected override void ReadMembers(ref (T1, T2, T3, T4, T5, T6) value, ref WireReader reader)
    {
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    value.Item1 = item1.ReadField(ref reader, type);
                    break;
                case 2:
                    value.Item2 = item2.ReadField(ref reader, type);
                    break;
                case 3:
                    value.Item3 = item3.ReadField(ref reader, type);
                    break;
                case 4:
                    value.Item4 = item4.ReadField(ref reader, type);
                    break;
                case 5:
                    value.Item5 = item5.ReadField(ref reader, type);
                    break;
                case 6:
                    value.Item6 = item6.ReadField(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    protected override void CopyMembers(ref (T1, T2, T3, T4, T5, T6) value, CopyScope scope)
    {
        value = (
            item1.Copy(value.Item1, scope),
            item2.Copy(value.Item2, scope),
            item3.Copy(value.Item3, scope),
            item4.Copy(value.Item4, scope),
            item5.Copy(value.Item5, scope),
            item6.Copy(value.Item6, scope));
    }
}

internal sealed class TupleCodec<T1, T2, T3, T4, T5, T6, T7>(
    Codec<T1> item1, Codec<T2> item2, Codec<T3> item3, Codec<T4> item4, Codec<T5> item5, Codec<T6> item6, Codec<T7> item7)
    : StructCodec<(T1, T2, T3, T4, T5, T6, T7)>(
        item1.IsImmutable
        && item2.IsImmutable
        && item3.IsImmutable
        && item4.IsImmutable
        && item5.IsImmutable
        && item6.IsImmutable
        && item7.IsImmutable)
{
    protected override void WriteMembers(WireWriter writer, ref (T1, T2, T3, T4, T5, T6, T7) value)
    {
        item1.WriteField(writer, 1, value.Item1);
        item2.WriteField(writer, 2, value.Item2);
        item3.WriteField(writer, 3, value.Item3);
        item4.WriteField(writer, 4, value.Item4);
        item5.WriteField(writer, 5, value.Item5);
        item6.WriteField(writer, 6, value.Item6);
        item7.WriteField(writer, 7, value.Item7);
    }

    protected override void ReadMembers(ref (T1, T2, T3, T4, T5, T6, T7) value, ref WireReader reader)
    {
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    value.Item1 = item1.ReadField(ref reader, type);
                    break;
                case 2:
                    value.Item2 = item2.ReadField(ref reader, type);
                    break;
                case 3:
                    value.Item3 = item3.ReadField(ref reader, type);
                    break;
                case 4:
                    value.Item4 = item4.ReadField(ref reader, type);
                    break;
                case 5:
                    value.Item5 = item5.ReadField(ref reader, type);
                    break;
                case 6:
                    value.Item6 = item6.ReadField(ref reader, type);
                    break;
                case 7:
                    value.Item7 = item7.ReadField(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }

    protected override void CopyMembers(ref (T1, T2, T3, T4, T5, T6, T7) value, CopyScope scope)
    {
        value = (
            item1.Copy(value.Item1, scope),
            item2.Copy(value.Item2, scope),
            item3.Copy(value.Item3, scope),
            item4.Copy(value.Item4, scope),
            item5.Copy(value.Item5, scope),
            item6.Copy(value.Item6, scope),
            item7.Copy(value.Item7, scope));
    }
}
