using System.Reflection;

namespace BulkImplantScan.Cli;

/// <summary>Name and version.</summary>
internal static class Product
{
    /// <summary>As in Directory.Build.props, with the commit where the build knows it.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
