using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>Rates of messages and offers, by a clock that the test moves.</summary>
public sealed class LinkBudgetTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();

    [Fact]
    public void TryTake_BurstAndRate_AreKept()
    {
        var budget = new LinkBudget(rate: 2, burst: 3, _clock);

        Take(10).Should().Be(3);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Take(10).Should().Be(2);
        _clock.Advance(TimeSpan.FromHours(1));
        Take(10).Should().Be(3, "what is not used does not add up");

        int Take(int tries) => Enumerable.Range(0, tries).Count(_ => budget.TryTake());
    }

    [Fact]
    public void Offers_MoreThanTheBurst_WaitForTheNextAndNoOther()
    {
        var offers = Offers();
        offers.TryTake("a", out _).Should().BeTrue();
        offers.TryTake("a", out _).Should().BeTrue();
        _clock.Advance(Period / 4);

        offers.TryTake("a", out var wait).Should().BeFalse();

        wait.Should().Be(Period * 3 / 4);
        offers.TryTake("b", out _).Should().BeTrue("an identity has a budget of its own");
        _clock.Advance(wait);
        offers.TryTake("a", out wait).Should().BeTrue();
        wait.Should().Be(TimeSpan.Zero);
        offers.TryTake("a", out _).Should().BeFalse();
    }

    [Fact]
    public void Trim_IdentityWithoutAllItsOffers_IsRemembered()
    {
        var offers = Offers();
        offers.TryTake("a", out _).Should().BeTrue();
        offers.TryTake("a", out _).Should().BeTrue();

        offers.Trim();

        offers.TryTake("a", out _).Should().BeFalse();
    }

    [Fact]
    public void Offers_OfMoreIdentitiesThanAllowed_WaitUntilOneIsForgotten()
    {
        var offers = Offers(identities: 2);
        offers.TryTake("a", out _).Should().BeTrue();
        offers.TryTake("b", out _).Should().BeTrue();

        offers.TryTake("c", out var wait).Should().BeFalse();
        wait.Should().Be(Period);
        offers.TryTake("a", out _).Should().BeTrue("it is known");
        _clock.Advance(wait);
        offers.Trim();

        offers.TryTake("c", out _).Should().BeTrue("b has all its offers again");
        offers.TryTake("b", out _).Should().BeFalse("a does not");
    }

    private OfferBudgets Offers(int identities = 10) => new(
        Options.Create(new LinkOptions { OfferBurst = 2, OfferPeriod = Period, MaxOfferingIdentities = identities }), _clock);
}
