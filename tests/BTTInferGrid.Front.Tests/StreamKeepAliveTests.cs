using System.Text;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.AspNetCore.Http;

namespace BTTInferGrid.Front.Tests;

/// <summary>Comments that keep a quiet stream open.</summary>
public sealed class StreamKeepAliveTests
{
    private readonly ManualClock _clock = new();
    private readonly MemoryStream _body = new();
    private readonly DefaultHttpContext _context;

    public StreamKeepAliveTests() => _context = new DefaultHttpContext { Response = { Body = _body } };

    private string Sent => Encoding.UTF8.GetString(_body.ToArray());

    [Fact]
    public async Task Stream_QuietForAPeriod_GetsAComment()
    {
        await using var keepAlive = new StreamKeepAlive(_context, _clock);

        _clock.Advance(StreamKeepAlive.Period);

        Sent.Should().Be(": keep-alive\n\n");
        _context.Response.ContentType.Should().Be("text/event-stream");
    }

    [Fact]
    public async Task Stream_WrittenToMeanwhile_GetsNone()
    {
        await using var keepAlive = new StreamKeepAlive(_context, _clock);
        _clock.Advance(StreamKeepAlive.Period * 0.9);
        await keepAlive.TakeAsync();
        keepAlive.Release();

        _clock.Advance(StreamKeepAlive.Period * 0.5);

        Sent.Should().BeEmpty();
    }

    [Fact]
    public async Task Stream_WhoseOwnerWrites_GetsTheCommentAfterwards()
    {
        await using var keepAlive = new StreamKeepAlive(_context, _clock);
        await keepAlive.TakeAsync();
        _clock.Advance(StreamKeepAlive.Period);
        Sent.Should().BeEmpty();

        keepAlive.Release();
        _clock.Advance(StreamKeepAlive.Period);

        // The comment that waited for the owner is sent, or dropped, by a thread of its own.
        await Poll.UntilAsync(
            () => Task.FromResult(Sent), static sent => sent == ": keep-alive\n\n", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Dispose_QuietStream_EndsTheComments()
    {
        var keepAlive = new StreamKeepAlive(_context, _clock);
        await keepAlive.DisposeAsync();

        _clock.Advance(StreamKeepAlive.Period * 2);

        Sent.Should().BeEmpty();
    }
}
