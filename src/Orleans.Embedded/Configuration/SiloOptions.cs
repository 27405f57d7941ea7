namespace Orleans.Configuration;

/// <summary>The silo itself.</summary>
public class SiloOptions
{
    /// <summary>The silo's name, unique in its cluster; made from its address if not set.</summary>
    public string SiloName { get; set; } = null!;
}
