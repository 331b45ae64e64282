# The way in on Windows: as ./run.sh, as thin as can be. Untried (there was no PowerShell where it was written).
$ErrorActionPreference = 'Stop'
$verb = 'demo'
$rest = @()
if ($args.Count -gt 0) { $verb = $args[0] }
if ($args.Count -gt 1) { $rest = $args[1..($args.Count - 1)] }
if ($verb -eq 'test') {
    dotnet test --solution "$PSScriptRoot/BulkImplantScan.sln" -c Release @rest
    exit $LASTEXITCODE
}
$project = 'BulkImplantScan.Cli'
$program = 'bis'
if ($verb -eq 'train') { $project = 'BulkImplantScan.Training'; $program = 'bis-train' } else { $rest = @($verb) + $rest }
dotnet build "$PSScriptRoot/src/$project" -c Release -v quiet --nologo
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& "$PSScriptRoot/src/$project/bin/Release/net10.0/$program.exe" @rest
exit $LASTEXITCODE
