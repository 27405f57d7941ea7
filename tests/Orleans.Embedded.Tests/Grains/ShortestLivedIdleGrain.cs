namespace Orleans.Embedded.Tests.Grains;

[CollectionAgeLimit("00:00:01")]
public class ShortestLivedIdleGrain : IdleGrain;
