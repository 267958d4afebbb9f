/// What the receipts of ``Examples`` look like.
extension ReceiptXMLTests {
    static let goldens: [String: String] = ["roster": roster, "empty": empty, "duplicate": duplicateGolden]

    private static let roster = """
        <?xml version="1.0" encoding="UTF-8"?>
        <receipt xmlns="urn:qiao:receipt:1" reached="R3">
          <filing>ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad</filing>
          <source>yutai-liangzhang</source>
          <file-name>两长名册.csv</file-name>
          <size>4096</size>
          <received-at>2026-11-21T08:00:00+08:00</received-at>
          <outcome code="accepted-with-findings">
            <zh>已接收，但有问题需要查看。</zh>
            <en>Accepted, with findings to look at.</en>
          </outcome>
          <signature verdict="not-signed" />
          <mapping id="yutai.liangzhang-roster" version="3f2a91c0" />
          <encoding>GB18030</encoding>
          <rows read="15" converted="12" set-aside="1" skipped="2" />
          <records new="13" changed="1" unchanged="10" deleted="1">
            <record type="Person" number="12" />
            <record type="RoleAssignment" number="12" />
          </records>
          <control-totals>
            <control-total declared="2225" found="11" agrees="false" at-least="false">
              <name>单元长</name>
            </control-total>
            <control-total declared="1" found="1" agrees="true" at-least="true">
              <name>楼长</name>
            </control-total>
          </control-totals>
          <finding-counts total="1">
            <finding-count code="identity-number.checksum" number="1" />
          </finding-counts>
          <findings>
            <finding code="identity-number.checksum" severity="error" row="12" line="17" column="5" offset="1024">
              <field>身份证号</field>
              <value>370827********001X</value>
              <zh>身份证号校验码应为 3。</zh>
              <en>The check character of the identity number should be 3.</en>
            </finding>
          </findings>
          <next>
            <step>
              <zh>有 1 行未转换。请打开问题清单（.findings.csv），改正这些行后重新报送。</zh>
              <en>Rows set aside: 1. Open the findings table (.findings.csv), correct these rows and file again.</en>
            </step>
            <step>
              <zh>控制总数与实际数量不符，请核对。</zh>
              <en>A control total differs from what was found; check which of them is right.</en>
            </step>
          </next>
        </receipt>

        """

    private static let empty = """
        <?xml version="1.0" encoding="UTF-8"?>
        <receipt xmlns="urn:qiao:receipt:1" reached="R0">
          <filing>ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad</filing>
          <source>s</source>
          <file-name>x.csv</file-name>
          <size>0</size>
          <received-at>2026-11-21T08:00:00+08:00</received-at>
          <outcome code="rejected">
            <zh>未接收，本次报送没有任何数据入库。</zh>
            <en>Rejected; nothing of this filing was taken.</en>
          </outcome>
          <signature verdict="not-signed" />
          <rows read="0" converted="0" set-aside="0" skipped="0" />
          <records new="0" changed="0" unchanged="0" deleted="0" />
          <control-totals />
          <finding-counts total="0" />
          <findings />
          <next>
            <step>
              <zh>请按下列问题修改文件后重新报送。原文件已隔离保存，没有删除。</zh>
              <en>Mend the file as the findings say and file it again. The original is kept in quarantine, not deleted.</en>
            </step>
          </next>
        </receipt>

        """

    private static let duplicateGolden = """
        <?xml version="1.0" encoding="UTF-8"?>
        <receipt xmlns="urn:qiao:receipt:1" reached="R3">
          <filing>ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad</filing>
          <source>yutai-liangzhang</source>
          <file-name>两长名册.csv</file-name>
          <size>4096</size>
          <received-at>2026-11-21T08:00:00+08:00</received-at>
          <duplicate>
            <received-at>2026-11-22T09:30:00+08:00</received-at>
            <file-name>两长名册 (1).csv</file-name>
          </duplicate>
          <outcome code="accepted-with-findings">
            <zh>已接收，但有问题需要查看。</zh>
            <en>Accepted, with findings to look at.</en>
          </outcome>
          <signature verdict="not-signed" />
          <mapping id="yutai.liangzhang-roster" version="3f2a91c0" />
          <encoding>GB18030</encoding>
          <rows read="15" converted="12" set-aside="1" skipped="2" />
          <records new="13" changed="1" unchanged="10" deleted="1">
            <record type="Person" number="12" />
            <record type="RoleAssignment" number="12" />
          </records>
          <control-totals>
            <control-total declared="2225" found="11" agrees="false" at-least="false">
              <name>单元长</name>
            </control-total>
            <control-total declared="1" found="1" agrees="true" at-least="true">
              <name>楼长</name>
            </control-total>
          </control-totals>
          <finding-counts total="1">
            <finding-count code="identity-number.checksum" number="1" />
          </finding-counts>
          <findings>
            <finding code="identity-number.checksum" severity="error" row="12" line="17" column="5" offset="1024">
              <field>身份证号</field>
              <value>370827********001X</value>
              <zh>身份证号校验码应为 3。</zh>
              <en>The check character of the identity number should be 3.</en>
            </finding>
          </findings>
          <next>
            <step>
              <zh>相同内容此前已经报送，本次没有重复处理，以下是首次的结果。</zh>
              <en>The same bytes were filed before and were not processed again; this is the result of the first time.</en>
            </step>
            <step>
              <zh>有 1 行未转换。请打开问题清单（.findings.csv），改正这些行后重新报送。</zh>
              <en>Rows set aside: 1. Open the findings table (.findings.csv), correct these rows and file again.</en>
            </step>
            <step>
              <zh>控制总数与实际数量不符，请核对。</zh>
              <en>A control total differs from what was found; check which of them is right.</en>
            </step>
          </next>
        </receipt>

        """
}
