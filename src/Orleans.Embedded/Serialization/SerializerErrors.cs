using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>The errors that several readers and writers have in common.</summary>
internal static class SerializerErrors
{
    public static SerializerException Truncated()
    {
        return new SerializerException("The message ends before a value that it announces.");
    }

    public static SerializerException OutOfRange()
    {
        return new SerializerException("A number of the message does not fit the type that it is read as.");
    }

    public static SerializerException TooDeep()
    {
        return new SerializerException(
            $"Values are nested more than {WireLimits.MaxDepth} levels deep. A value must not contain itself; "
            + "make a chain of values a list.");
    }

    public static SerializerException NoTypes()
    {
        return new SerializerException("Only simple values can stand here: there is no list of types.");
    }

    public static CodecNotFoundException NoCodec(Type type, Type declared)
    {
        return new CodecNotFoundException(
            $"A {type} cannot be sent as {declared}: mark it with [GenerateSerializer] and its members with [Id].");
    }
}
