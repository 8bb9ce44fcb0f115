"""Supporting data and test cases as the CDC writes them, about a vaccine that does not exist."""

from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

SCHEDULE = """<scheduleSupportingData>
<liveVirusConflicts><liveVirusConflict>
 <previous><vaccineType>Live</vaccineType><cvx>902</cvx></previous>
 <current><vaccineType>Live</vaccineType><cvx>902</cvx></current>
 <conflictBeginInterval>1 day</conflictBeginInterval>
 <minConflictEndInterval>24 days</minConflictEndInterval>
 <conflictEndInterval>28 days</conflictEndInterval>
</liveVirusConflict></liveVirusConflicts>
<vaccineGroups><vaccineGroup><name>Pox</name><administerFullVaccineGroup/></vaccineGroup></vaccineGroups>
<vaccineGroupToAntigenMap><vaccineGroupMap><name>Pox</name><antigen>Pox</antigen></vaccineGroupMap>
</vaccineGroupToAntigenMap>
<cvxToAntigenMap><cvxMap><cvx>901</cvx><shortDescription>Pox</shortDescription>
 <association><antigen>Pox</antigen><associationBeginAge/><associationEndAge/></association></cvxMap>
</cvxToAntigenMap>
<observations>
 <observation><observationCode>020</observationCode><observationTitle/></observation>
 <observation><observationCode>055</observationCode><observationTitle/></observation>
 <observation><observationCode>080</observationCode><observationTitle/></observation>
 <observation><observationCode>110</observationCode><observationTitle/></observation>
</observations>
</scheduleSupportingData>
"""
ANTIGEN = """<antigenSupportingData>
<immunity><clinicalHistory><guidelineCode>020</guidelineCode><guidelineTitle/></clinicalHistory>
 <dateOfBirth><immunityBirthDate>01/02/1957</immunityBirthDate><birthCountry>U.S.</birthCountry>
  <exclusion><exclusionCode>055</exclusionCode><exclusionTitle/></exclusion></dateOfBirth></immunity>
<contraindications>
 <vaccineGroup><contraindication><observationCode>080</observationCode><contraindicationText>No.</contraindicationText>
  <beginAge/><endAge/></contraindication></vaccineGroup>
 <vaccine><contraindication><observationCode>110</observationCode><contraindicationText/>
  <contraindicatedVaccine><vaccineType/><cvx>903</cvx><beginAge/>
   <endAge>2 years</endAge></contraindicatedVaccine>
 </contraindication></vaccine></contraindications>
<series>
 <seriesName>Pox 2-dose series</seriesName><targetDisease>Pox</targetDisease><vaccineGroup>Pox</vaccineGroup>
 <seriesType>Standard</seriesType><equivalentSeriesGroups>2; 3</equivalentSeriesGroups>
 <requiredGender>Female</requiredGender><requiredGender>Unknown</requiredGender>
 <selectSeries><defaultSeries>Yes</defaultSeries><productPath>No</productPath><seriesGroup>1</seriesGroup>
  <seriesPriority>A</seriesPriority><seriesPreference>1</seriesPreference><minAgeToStart/>
  <maxAgeToStart>5 years</maxAgeToStart></selectSeries>
 <indication/>
 <seriesDose><doseNumber>Dose 1</doseNumber>
  <age><absMinAge/><minAge>6 weeks</minAge><earliestRecAge>2 months</earliestRecAge>
   <latestRecAge>3 months + 4 weeks</latestRecAge><maxAge/><effectiveDate/><cessationDate/></age>
  <interval/>
  <preferableVaccine><cvx>901</cvx><beginAge>6 weeks</beginAge><endAge/><mvx>ABC</mvx><volume>0.5</volume>
   <forecastVaccineType>Y</forecastVaccineType></preferableVaccine>
  <allowableVaccine><cvx>904</cvx><beginAge/><endAge/></allowableVaccine>
  <inadvertentVaccine><cvx>905</cvx></inadvertentVaccine>
  <conditionalSkip/><recurringDose>No</recurringDose><seasonalRecommendation/></seriesDose>
 <seriesDose><doseNumber>Dose 2</doseNumber>
  <age/>
  <interval><fromPrevious>Y</fromPrevious><absMinInt>4 weeks - 4 days</absMinInt><minInt>4 weeks</minInt>
   <earliestRecInt>8 weeks</earliestRecInt><latestRecInt/><intervalPriority>override</intervalPriority>
   <effectiveDate>20091216</effectiveDate><cessationDate/></interval>
  <interval><fromPrevious>N</fromPrevious><fromTargetDose>1</fromTargetDose><absMinInt/>
   <minInt>4 weeks</minInt></interval>
  <allowableInterval><fromPrevious>Y</fromPrevious><absMinInt>3 weeks</absMinInt></allowableInterval>
  <preferableVaccine><cvx>901</cvx><forecastVaccineType/></preferableVaccine>
  <conditionalSkip><context>Forecast</context><setLogic>OR</setLogic>
   <set><conditionLogic/><condition><conditionType>Vaccine Count by Age</conditionType>
    <beginAge>4 years</beginAge>
    <endDate>20250101</endDate><doseCount>0</doseCount><doseType>Valid</doseType>
    <doseCountLogic>Greater Than</doseCountLogic><vaccineTypes>901; 902</vaccineTypes></condition></set>
  </conditionalSkip><recurringDose>Yes</recurringDose>
  <seasonalRecommendation><startDate>20250901</startDate><endDate/></seasonalRecommendation></seriesDose>
</series></antigenSupportingData>
"""


def supporting_data(folder: Path) -> Path:
    """Write the XML files and return their folder."""
    folder.mkdir()
    (folder / "ScheduleSupportingData.xml").write_text(SCHEDULE, "utf-8")
    (folder / "AntigenSupportingData- Pox-508.xml").write_text("\ufeff" + ANTIGEN, "utf-8")
    return folder


def workbook(file: Path, *cases: dict[str, Any]) -> Path:
    """Write a workbook of test cases beside a sheet of words; dates are day cells or text, as published."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Overview", "two tabs"])
    table = book.create_sheet("Cases")
    names = ["CDC_Test_ID", "Test_Case_Name", "DOB", "gender", "Series_Status"]
    names += ["Observation_Code_1", "Observation_Date_1"]
    for number in (1, 2):
        names += [f"{name}_{number}" for name in ("Date_Administered", "CVX", "MVX", "Evaluation_Status")]
    names += ["Forecast_#", "Earliest_Date", "Recommended_Date", "Past_Due_Date", "Vaccine_Group"]
    names += ["Assessment_Date"]
    table.append(names)
    for case in cases:
        table.append([case.get(name) for name in names])
    table.append([None] * len(names))
    book.save(file)
    return file


BORN = datetime(2026, 1, 5)  # noqa: DTZ001
NEWBORN: dict[str, Any] = {
    "CDC_Test_ID": "2026-0001", "Test_Case_Name": "Newborn", "DOB": BORN, "gender": "F",
    "Series_Status": "Not complete", "Forecast_#": "1", "Vaccine_Group": "Pox",
    "Assessment_Date": "01/05/2026",
    "Earliest_Date": datetime(2026, 2, 16), "Recommended_Date": datetime(2026, 3, 5),  # noqa: DTZ001
    "Past_Due_Date": datetime(2026, 5, 2),  # noqa: DTZ001
}  # fmt: skip
YOUNG: dict[str, Any] = NEWBORN | {
    "CDC_Test_ID": "2026-0002", "Date_Administered_1": datetime(2026, 3, 5), "CVX_1": 901,  # noqa: DTZ001
    "MVX_1": "ABC", "Evaluation_Status_1": "Not Valid", "Assessment_Date": "03/05/2026",
    "Forecast_#": "3", "Earliest_Date": "04/02/2026", "Recommended_Date": "04/30/2026", "Past_Due_Date": "",
}  # fmt: skip
