using System.Numerics;
using System.Text.Json;
using BTTInferGrid.Chain.Rpc;

namespace BTTInferGrid.Chain.Tests.Rpc;

public sealed class QuantityTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(33)];
            random.NextBytes(bytes);
            var value = new BigInteger(bytes, isUnsigned: true);

            var read = Quantity.ReadBig(Element($"\"{Quantity.Format(value)}\""), "test");

            Assert.True(value == read, $"{value} was read as {read} with seed {seed}.");
        }
    }

    [Theory]
    [InlineData("\"0x0\"", 0)]
    [InlineData("\"0x41\"", 65)]
    [InlineData("\"0x400\"", 1024)]
    [InlineData("\"0xFFffFFffFFffFFff\"", ulong.MaxValue)]
    public void Read_ExampleOfTheStandard_IsRead(string json, ulong value)
    {
        Assert.Equal(value, Quantity.ReadUInt64(Element(json), "test"));
    }

    [Theory]
    [InlineData("\"0x\"")]
    [InlineData("\"0x0400\"")]
    [InlineData("\"0x00\"")]
    [InlineData("\"ff\"")]
    [InlineData("\"0Xff\"")]
    [InlineData("\"0x-1\"")]
    [InlineData("\"0x 1\"")]
    [InlineData("\"0xg\"")]
    [InlineData("\"\"")]
    [InlineData("12")]
    [InlineData("null")]
    [InlineData("\"0x10000000000000000\"")]
    [InlineData("\"0x10000000000000000000000000000000000000000000000000000000000000000\"")]
    public void Read_AnythingElse_IsRefused(string json)
    {
        Assert.Throws<RpcMalformedException>(() => Quantity.ReadUInt64(Element(json), "test"));
    }

    private static JsonElement Element(string json)
    {
        return JsonElement.Parse(json);
    }
}
