using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BulkImplantScan.Cli;

/// <summary>A command whose help ends with a real example.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    /// <summary>A command line that works as it stands, names aside.</summary>
    public string Example { get; } = example;

    /// <summary>Shows the examples below the usual help.</summary>
    public static RootCommand WithExamples(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((HelpAction)help.Action!);
        return root;
    }

    private sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
    {
        // Help is asked for without the arguments that it explains.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            var code = help.Invoke(parsed);
            if (parsed.CommandResult.Command is Verb verb)
                parsed.InvocationConfiguration.Output.WriteLine($"Example:\n  {verb.Example}\n");
            return code;
        }
    }
}
