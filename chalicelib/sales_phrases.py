"""What unwanted offers say, by topic: in mail for decades, and in contact forms today.

From general knowledge of both. Each phrase is as ``Reading.words`` has it: lower
case, a single blank between words, nothing else. None stands within another of its topic, so
that nothing counts twice.
"""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """Phrases that go with each other.

    Attributes:
        weight: of each phrase: 2 where hardly anybody says it to the owner of a site.
        most: what all of them can weigh. Somebody may ask a lender about a loan, and a lawyer
            about an inheritance; only who sells says a bit of everything.
    """

    name: str
    weight: float
    most: float
    phrases: str


def _lines(text: str) -> str:
    return "|".join(line.strip() for line in text.strip().splitlines())


TOPICS = (
    Topic(
        "easy money",
        2.0,
        4.0,
        _lines("""
            make money fast|make more money|extra income|extra cash|earn extra|additional income
            second income|work from home|working from home|work at home|working at home
            home based business|home business|your own boss|financial freedom
            financially independent|financial independence|get rich|got rich|grow rich
            passive income|residual income|unlimited income|monthly income|multi level|mlm
            network marketing|business opportunity|money making|making money online
            make money online|opportunity of a lifetime|once in a lifetime|serious money
            easy money|no experience necessary|no experience required|no experience needed
            no selling|start earning|quit your job|fire your boss|downline|from the comfort of
            income potential|earning potential|earn up to|earn thousands|make thousands
            thousands of dollars|cash grants|government grants|free grants|envelope stuffing
            while you sleep|chain letter|pyramid|millionaire|millionaires|get paid|earn money
            geld verdienen|nebenverdienst|passives einkommen|finanzielle freiheit|schnell reich
            von zu hause aus|heimarbeit|gagner de l argent|revenu passif|revenus passifs
            travail à domicile|liberté financière|argent facile|ganar dinero|dinero extra
            ingresos pasivos|ingresos extra|trabajar desde casa|trabaja desde casa
            libertad financiera|dinero fácil|ganhar dinheiro|renda extra|renda passiva
            trabalhar em casa|trabalhe em casa|liberdade financeira|dinheiro fácil
            guadagnare da casa|guadagna da casa|guadagno extra|reddito passivo|soldi facili
            lavoro da casa|libertà finanziaria|заработок в интернете|пассивный доход
            дополнительный доход|удаленная работа|работа на дому|без вложений|легкие деньги
            финансовая свобода
        """),
    ),
    Topic(
        "debts and loans",
        2.0,
        4.0,
        _lines("""
            mortgage|mortgages|refinance|refinancing|home loan|home loans|home equity
            debt consolidation|consolidate your|out of debt|debt free|credit card debt|bad credit
            poor credit|perfect credit|no credit check|no credit checks|credit repair
            repair your credit|credit report|pre approved|preapproved|been approved
            guaranteed approval|instant approval|loan offer|personal loan|personal loans
            business loan|business loans|business funding|payday|cash advance|working capital
            merchant account|merchant accounts|accept credit cards|take credit cards
            life insurance|term life|lower your payments|monthly payments|foreclosure|lenders
            interest rates|interest rate of|low rate|low rates|lowest rate|lowest rates|tax relief
            line of credit|judicial judgment|judicial judgments|kredit ohne schufa|sofortkredit
            privatkredit|günstiger kredit|kreditangebot|offre de prêt|prêt rapide|prêt personnel
            crédit sans|prêt entre particuliers|préstamo|préstamos|prestamo|prestamos
            crédito inmediato|empréstimo|empréstimos|emprestimo|crédito fácil|limpar seu nome
            prestito|prestiti|finanziamento immediato|кредит без|кредиты|займ|займы|деньги в долг
            рефинансирование
        """),
    ),
    Topic(
        "pills and bodies",
        2.0,
        4.0,
        _lines("""
            viagra|cialis|levitra|sildenafil|tadalafil|phentermine|xanax|valium|vicodin|tramadol
            ambien|kamagra|no prescription|without prescription|without a prescription
            prescription drugs|generic drugs|online pharmacy|canadian pharmacy|weight loss
            lose weight|losing weight|burn fat|burns fat|fat burning|body fat|diet pill|diet pills
            growth hormone|hgh|anti aging|wrinkles|herbal|penis|enlargement|enlarge your|erection
            erections|erectile|testosterone|libido|sex drive|sexual|sexually|pheromone|pheromones
            male enhancement|your manhood|keto|cbd|clinically proven|miracle|stamina|hair loss
            cellulite|quit smoking|stop smoking|abnehmen|potenzmittel|rezeptfrei|ohne rezept
            perte de poids|perdre du poids|maigrir|sans ordonnance|bajar de peso|perder peso
            adelgazar|sin receta|emagrecer|emagrecimento|sem receita|dimagrire|perdere peso
            senza ricetta|похудеть|похудение|потенция|потенции|без рецепта|виагра|сиалис
        """),
    ),
    Topic(
        "gambling",
        2.0,
        4.0,
        _lines("""
            casino|casinos|poker|jackpot|sports betting|sportsbook|bookmaker|bookmakers|free spins
            free bets|deposit bonus|welcome bonus|no deposit|roulette|blackjack|lottery|lotto
            you have won|you ve won|winning numbers|winning notification|sweepstakes|sweepstake
            gambling|slot machines|online slots|slot online|spielautomaten|freispiele|lotterie
            sportwetten|sie haben gewonnen|machines à sous|tours gratuits|paris sportifs
            vous avez gagné|loterie|tragaperras|giros gratis|apuestas|has ganado|lotería|cassino
            apostas|caça níqueis|você ganhou|loteria|giri gratis|scommesse|hai vinto|lotteria
            казино|игровые автоматы|ставки на спорт|букмекер|вы выиграли|лотерея|фриспины
        """),
    ),
    Topic(
        "adult",
        2.0,
        4.0,
        _lines("""
            xxx|porn|porno|adult site|adult sites|adult content|adult entertainment|adult club
            adult only|adults only|hardcore|nude|nudes|webcam girls|live webcam|live webcams
            live sex|hot sex|have sex|sex videos|sluts|slut|pussy|cum|cumshots|cock|cocks|blowjob
            lesbian|lesbians|horny|escorts|escort service|18 years of age|18 or older|over 18
            must be 18|at least 18|over 21|21 years of age|dating site|dating sites|adult dating
            hookup|hookups|hot girls|sexy girls|sexy women|russian women|russian girls
            lonely wives|lonely women|married women|hot singles|meet singles|local singles
            singles in your|soul mate|orgasm|orgasms|amateurs|erotic|fetish|erotik|sexkontakte
            partnersuche|rencontres coquines|femmes célibataires|plan cul|mujeres solteras
            chicas calientes|sexo|mulheres nuas|acompanhantes|donne sole|sesso|порно|эскорт
            проститутки|интим|знакомства|секс
        """),
    ),
    Topic(
        "advance fee",
        2.0,
        6.0,
        _lines("""
            next of kin|million dollars|million united states|million us dollars|million usd
            million euros|million pounds|hundred thousand|united states dollars|business proposal
            business relationship|strictly confidential|strictest confidence|utmost confidence
            utmost secrecy|highly confidential|very confidential|urgent assistance
            transfer of funds|transfer the funds|transfer the money|transfer this money
            transfer of this|fund transfer|foreign account|foreign partner|foreign bank
            beneficiary|the deceased|deceased client|deceased customer|late husband|late father
            late president|late general|nigeria|nigerian|lagos|abidjan|ivory coast
            cote d ivoire|sierra leone|zimbabwe|burkina faso|benin republic|unclaimed|the sum of
            sum of us|your bank account|percent of the total|of the total sum|for your assistance
            barrister|consignment|security company|solicit your|soliciting|dying widow|diplomatic
            as a surprise|seek your assistance|god fearing|esteemed|dear beloved|beloved one
            dear in christ|private telephone|the fund|this fund|this transaction|mutual benefit
            mutually beneficial|civil war|bank manager|branch manager|remittance|compensation fund
            atm card|donation to you|my wealth|terminal illness|diagnosed with|erbschaft
            nachlassverwalter|begünstigter|millionen euro|millionen dollar|millions d euros
            millions de dollars|bénéficiaire|cancer de la gorge|millones de dólares
            millones de euros|beneficiario|herencia|milhões de dólares|milhões de euros
            beneficiário|herança|milioni di dollari|milioni di euro|eredità|donazione
            миллионов долларов|наследство|бенефициар
        """),
    ),
    Topic(
        "profits",
        2.0,
        4.0,
        _lines("""
            bitcoin|bitcoins|btc|cryptocurrency|crypto trading|crypto investment|forex
            trading platform|trading signals|trading bot|trading robot|binary options
            investment opportunity|investment opportunities|guaranteed returns
            return on investment|daily profit|daily profits|high returns|usdt|ethereum|hot stock
            stock pick|stock picks|stock alert|penny stock|penny stocks|undervalued
            forward looking statements|strong buy|double your|triple your|your investment
            huge profits|invest now|invest today|stock market newsletter|wall street insiders
            otc bb|otcbb|kryptowährung|kryptowährungen|rendite|börsentipp|gewinne erzielen
            crypto monnaie|cryptomonnaie|placement garanti|criptomoneda|criptomonedas|invertir en
            inversión garantizada|criptomoeda|criptomoedas|lucro garantido|lucros diários
            criptovaluta|criptovalute|guadagni garantiti|криптовалюта|криптовалюты|инвестиции
            биткоин|трейдинг|прибыль каждый
        """),
    ),
    Topic(
        "visitors for your site",
        2.0,
        4.0,
        _lines("""
            seo|backlinks|backlink|link building|link exchange|guest post|guest posts
            guest posting|sponsored post|sponsored posts|sponsored article|dofollow|do follow
            first page of google|page one of google|page 1 of google|1st page of google
            top of google|not ranking|rank higher|ranking higher|rank your|google ranking
            google rankings|google maps ranking|search engine ranking|search engine rankings
            search engine optimization|top search engines|major search engines|organic traffic
            website traffic|web traffic|targeted traffic|more traffic|traffic to your
            domain authority|website redesign|redesign your|web design services|web design company
            web development company|app development|explainer video|explainer videos
            animated video|whiteboard video|lead generation|qualified leads|b2b leads|more leads
            leads list|email list|email lists|targeted leads|millions of email|million email
            million emails|million addresses|bulk email|bulk e mail|mass email|email marketing
            direct email|targeted email|contact form blasting|form submissions|contact forms
            contact form marketing|through your contact form|more sales|increase your sales
            increase sales|boost your|more customers|new customers|more clients
            instagram followers|real followers|new followers|tiktok followers|digital marketing
            internet marketing|marketing agency|marketing services|virtual assistant
            virtual assistants|offshore team|white label|free audit|website audit|classifieds
            affiliate program|advertise your|advertise to|promote your|market your
            your competitors|reach millions|millions of people|press release distribution
            google reviews|quick question about your|came across your website
            came across your site|visited your website|visiting your website
            looking at your website|went over your website|on your website today|15 minute call
            10 minute call|quick call|hop on a call|book a call|schedule a call
            suchmaschinenoptimierung|seite 1 bei google|erste seite bei google|gastbeitrag
            gastartikel|mehr besucher|mehr kunden|neukunden|leadgenerierung|erklärvideo
            référencement|première page de google|article invité|plus de clients|trafic ciblé
            génération de leads|liens entrants|posicionamiento web|primera página de google
            artículo patrocinado|más clientes|más visitas|tráfico web|primeira página do google
            otimização de sites|mais clientes|tráfego|divulgue|divulgar sua empresa
            prima pagina di google|posizionamento sui motori|più clienti|più traffico
            link in entrata|продвижение сайта|продвижение сайтов|раскрутка|рассылка|рассылки
            обратные ссылки|по контактным формам|формы обратной связи|базы данных|лиды
        """),
    ),
    Topic(
        "wares",
        2.0,
        4.0,
        _lines("""
            replica watches|replica watch|rolex|university diploma|university diplomas
            university degree|university degrees|non accredited|life experience|earn your degree
            descrambler|satellite tv|digital tv|printer cartridges|ink cartridges|toner cartridges
            inkjet cartridges|dream vacation|free vacation|vacation package|long distance calls
            cents a minute|spy camera|spy cameras|wireless camera|background check
            background checks|domain extensions|cheap software|oem software|norton systemworks
            copy any dvd|copy dvd|cigarettes|tobacco|louis vuitton|ray ban|cnc machining
            injection molding|led display|our factory|manufacturer in china
            manufacturer from china|professional manufacturer|face masks|sewing machine
        """),
    ),
    Topic(
        "offers",
        1.0,
        4.0,
        _lines("""
            act now|act today|act fast|limited time|limited offer|offer expires|offer ends
            expires soon|order now|order today|order yours|order form|buy now|buy today|call now
            call today|call us now|toll free|join now|join today|join for free|join free
            sign up now|sign up today|sign up free|sign up for free|register now|apply now
            apply today|apply online|download now|try it now|try now|start now|start today
            get started|don t miss|don t delay|don t wait|don t hesitate|supplies last
            supplies are limited|special offer|special offers|special promotion|exclusive offer
            best price|best prices|lowest price|lowest prices|low price|low prices|great prices
            discount prices|discounted|save up to|save thousands|save hundreds|save money|save big
            you save|retail price|retail value|regular price|risk free|no risk|risk nothing
            nothing to lose|no obligation|without obligation|no cost|no charge|no hidden
            no strings|no catch|no gimmicks|no fees|no purchase necessary|absolutely free
            completely free|totally free|100 free|it s free|free of charge|100 money
            100 satisfaction|100 legal|100 safe|free gift|free gifts|free shipping|free info
            free information|free report|free sample|free samples|free membership|free access
            free quote|free quotes|free consultation|free demo|free cd|free download|free video
            free bonus|free cell|free tour|free pics|free trial|free offer|free estimate
            money back|full refund|we guarantee|guaranteed|lifetime|testimonials|major credit
            visa mastercard|american express|satisfied customers|unbelievable|incredible
            congratulations|been selected|been chosen|specially selected|a winner|claim your
            your prize|click here|click below|click on the link|click the link|click this link
            click on this link|click on link|clicking here|visit our website|visit our site
            visit our web|visit us at|log on to|find out how|find out more|see for yourself
            what are you waiting|as seen on|cheap|amazing|this offer|our offer|high quality
            top quality|best quality|affordable|cost effective|competitive price
            competitive prices|we offer|we provide|we specialize|we are a leading|we can help you
            we help|our services|our company|our products|our team of|our clients|dear customer
            dear homeowner|dear friend|dear sir|dear sirs|sir madam|sir or madam|dear madam
            dear webmaster|dear business owner|dear website owner|dear site owner|dear owner
            dear valued|valued customer|valued member|dear entrepreneur|dear candidate
            dear manager|dear purchasing|hello dear|greetings of the day|one time offer
            last chance|hurry|instantly|today only|secrets|the secret|revealed|proven
            revolutionary|breakthrough|tired of|just reply|reply yes|reply to this|jetzt bestellen
            jetzt kaufen|jetzt anmelden|hier klicken|klicken sie|nur heute|kostenlos testen
            100 kostenlos|völlig kostenlos|gratis testen|unverbindlich|sonderangebot
            begrenzte zeit|exklusives angebot|bester preis|besten preise|risikofrei|geld zurück
            garantiert|herzlichen glückwunsch|sonderaktion|cliquez ici|offre spéciale
            offre limitée|offre exclusive|sans engagement|sans risque|satisfait ou remboursé
            totalement gratuit|essai gratuit|meilleur prix|meilleurs prix|commandez|inscrivez vous
            profitez|félicitations|garanti|cher ami|cher client|haga clic|haz clic|oferta especial
            oferta limitada|oferta exclusiva|sin compromiso|sin riesgo|totalmente gratis
            100 gratis|prueba gratis|mejor precio|mejores precios|compra ahora|regístrate
            garantizado|felicidades|estimado amigo|estimado cliente|clique aqui|oferta imperdível
            sem compromisso|sem risco|totalmente grátis|100 grátis|teste grátis|melhor preço
            melhores preços|compre agora|cadastre se|garantido|parabéns|caro amigo|caro cliente
            promoção|aproveite|clicca qui|offerta speciale|offerta limitata|offerta esclusiva
            senza impegno|senza rischi|completamente gratis|prova gratuita|miglior prezzo
            migliori prezzi|acquista ora|iscriviti|garantito|congratulazioni|gentile cliente
            нажмите здесь|жмите сюда|переходите по ссылке|специальное предложение|только сегодня
            скидка|скидки|акция|бесплатно|без риска|гарантия|гарантируем|лучшие цены|низкие цены
            закажите|успейте|поздравляем|предлагаем|подробности на
        """),
    ),
    Topic(
        "mass mail",
        1.0,
        4.0,
        _lines("""
            be removed|remove me|removal instructions|removal from
            remove yourself|remove your|removed automatically|permanently removed
            remove in the subject|remove in subject|with remove|word remove|subject line remove
            opt out|opt in|opted in|take me off|take you off|taken off|future mailings
            further mailings|future emails|further emails|no longer wish|not wish to receive
            do not want to receive|don t want to receive|prefer not to receive
            you are receiving this|you received this|received this email|receiving this email
            received this message|received this e mail|received this in error|is not spam
            not a spam|one time mailing|one time email|bulk mail|senate bill|section 301|title iii
            considered spam|an advertisement|this advertisement|in compliance|unsolicited
            our mailing list|our database|our records|never be contacted|not be contacted
            reply stop|apologize for any|our apologies|the intrusion|our partners
            marketing partners|exit list|unsub|um sich abzumelden|keine weiteren nachrichten
            kein spam|newsletter abbestellen|austragen|ne plus recevoir|vous désabonner
            se désinscrire|vous désinscrire|darse de baja|no desea recibir|dejar de recibir
            no es spam|não deseja receber|deixar de receber|descadastrar|não é spam
            non desidera ricevere|per cancellarsi|cancellare l iscrizione|non è spam|отписаться
            отказаться от рассылки|не является спамом|извините за беспокойство
        """),
    ),
)
