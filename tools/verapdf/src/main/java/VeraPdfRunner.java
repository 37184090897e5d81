import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Judges files by veraPDF: one line a file, "PASS|FAIL<TAB>path<TAB>claimed flavour<TAB>failed rules". With "-" the paths come on stdin. */
public final class VeraPdfRunner {
    private static PDFAFlavour wanted = PDFAFlavour.PDFA_3_B;

    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = true;
        int from = 0;
        if (args.length > 1 && args[0].equals("--flavour")) {
            wanted = PDFAFlavour.byFlavourId(args[1]);
            from = 2;
        }
        if (args.length > from && args[from].equals("-")) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String path = in.readLine(); path != null; path = in.readLine()) {
                all &= judge(path);
            }
        } else {
            for (int i = from; i < args.length; i++) {
                all &= judge(args[i]);
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean judge(String path) {
        StringBuilder failed = new StringBuilder();
        boolean pass = false;
        String claimed = "";
        try (InputStream in = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(in, wanted);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(wanted, 10, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            claimed = String.valueOf(result.getPDFAFlavour());
            pass = result.isCompliant();
            for (TestAssertion a : result.getTestAssertions()) {
                if (a.getStatus() == TestAssertion.Status.FAILED) {
                    failed.append(a.getRuleId().getClause()).append('-').append(a.getRuleId().getTestNumber())
                        .append(": ").append(String.valueOf(a.getMessage()).replaceAll("\\s+", " "))
                        .append(" @ ").append(a.getLocation().getContext()).append(" | ");
                }
            }
        } catch (Exception e) {
            failed.append(e);
        }
        System.out.println((pass ? "PASS" : "FAIL") + "\t" + path + "\t" + claimed + "\t" + failed);
        return pass;
    }
}
