// Each test has several silos and a database for itself; two at the same time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
