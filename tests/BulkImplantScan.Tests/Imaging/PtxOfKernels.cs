using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>The kernels of an assembly and what they compile to.</summary>
internal static partial class PtxOfKernels
{
    /// <summary>Every method with views of device memory whose address some code of the assembly takes: that is how a kernel gets
    /// to a <c>Load...Kernel</c>, whatever it is called and wherever it stands.</summary>
    public static IEnumerable<MethodInfo> FindIn(Assembly assembly)
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return assembly.GetTypes()
            .SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            .SelectMany(AddressesTaken)
            .Where(method => method.GetParameters().Any(parameter => IsView(parameter.ParameterType)))
            .Distinct()
            .OrderBy(NameOf, StringComparer.Ordinal);
    }

    public static string NameOf(MethodInfo kernel) =>
        kernel.Name == "Execute" ? kernel.DeclaringType!.Name : $"{kernel.DeclaringType!.Name}.{kernel.Name}";

    public static string Compile(MethodInfo kernel, int major, int minor)
    {
        using var context = Context.CreateDefault();
        using var backend = new PTXBackend(context, new CudaArchitecture(major, minor), CudaInstructionSet.ISA_80, null!);
        var entry = kernel.GetParameters()[0].ParameterType == typeof(Index1D)
            ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel)
            : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        return ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
    }

    /// <summary>Bytes of shared memory that the kernel declares.</summary>
    public static int SharedBytes(string ptx) =>
        SharedArrays().Matches(ptx).Sum(array => int.Parse(array.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    /// <summary>Registers and spills; null where CUDA's assembler is not installed.</summary>
    public static string? AssemblerReport(string ptx, int major, int minor)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ptx);
            var start = new ProcessStartInfo("ptxas", [$"-arch=sm_{major}{minor}", "-v", "-o", OperatingSystem.IsWindows() ? "NUL" : "/dev/null", file])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var ptxas = Process.Start(start)!;
            var report = ptxas.StandardError.ReadToEnd();
            ptxas.WaitForExit();
            Assert.True(ptxas.ExitCode == 0, report);
            return string.Join("; ", report.Split('\n').Where(line => line.Contains("spill") || line.Contains("registers")).Select(line => line.Trim()));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool IsView(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    /// <summary>Operands of <c>ldftn</c> (FE 06 and a token). Bytes that only look like it resolve to nothing, or to no kernel.</summary>
    private static IEnumerable<MethodInfo> AddressesTaken(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        for (var i = 0; i + 6 <= code.Length; i++)
        {
            if (code[i] != 0xFE || code[i + 1] != 0x06) continue;
            MethodBase? target = null;
            try
            {
                target = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, i + 2), method.DeclaringType!.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : []);
            }
            catch (ArgumentException)
            {
                // No token of a method: two bytes of something else.
            }

            if (target is MethodInfo found) yield return found;
        }
    }

    [GeneratedRegex(@"\.shared [^\n]*\[(\d+)\];")]
    private static partial Regex SharedArrays();
}
